// What dlib itself makes of photographs, for the parity tests: faces, landmarks, chips and embeddings.
//
// usage: dlib_reference MODELS_FOLDER OUT_FOLDER [--upscale-below SIDE] IMAGE...
//
// IMAGE is a binary PGM or PPM with 8 bits a sample. An image whose longer side is below SIDE (default 0)
// first goes through pyramid_up once; everything written refers to that working image. For every image one
// line of JSON goes to OUT_FOLDER/results.jsonl:
//   {"image": "...", "width": W, "height": H, "faces": [{"rect": [left, top, right, bottom], "confidence": C,
//    "landmarks": [[x, y] * 5], "chip": "INDEX-FACE.ppm", "embedding": [128 numbers]}]}
// with chips (150x150, padding 0.25) beside it and the working image as INDEX.ppm when it was upscaled.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <dlib/dnn.h>
#include <dlib/image_processing.h>
#include <dlib/image_transforms.h>

using namespace dlib;

namespace embedding_network {
template <template <int, template <typename> class, int, typename> class block, int N,
          template <typename> class BN, typename SUBNET>
using residual = add_prev1<block<N, BN, 1, tag1<SUBNET>>>;

template <template <int, template <typename> class, int, typename> class block, int N,
          template <typename> class BN, typename SUBNET>
using residual_down = add_prev2<avg_pool<2, 2, 2, 2, skip1<tag2<block<N, BN, 2, tag1<SUBNET>>>>>>;

template <int N, template <typename> class BN, int stride, typename SUBNET>
using block = BN<con<N, 3, 3, 1, 1, relu<BN<con<N, 3, 3, stride, stride, SUBNET>>>>>;

template <int N, typename SUBNET> using ares = relu<residual<block, N, affine, SUBNET>>;
template <int N, typename SUBNET> using ares_down = relu<residual_down<block, N, affine, SUBNET>>;

template <typename SUBNET> using level0 = ares_down<256, SUBNET>;
template <typename SUBNET> using level1 = ares<256, ares<256, ares_down<256, SUBNET>>>;
template <typename SUBNET> using level2 = ares<128, ares<128, ares_down<128, SUBNET>>>;
template <typename SUBNET> using level3 = ares<64, ares<64, ares<64, ares_down<64, SUBNET>>>>;
template <typename SUBNET> using level4 = ares<32, ares<32, ares<32, SUBNET>>>;

using network = loss_metric<fc_no_bias<128, avg_pool_everything<level0<level1<level2<level3<level4<
    max_pool<3, 3, 2, 2, relu<affine<con<32, 7, 7, 2, 2, input_rgb_image_sized<150>>>>>>>>>>>>>;
}

namespace detector_network {
template <long filters, typename SUBNET> using con5d = con<filters, 5, 5, 2, 2, SUBNET>;
template <long filters, typename SUBNET> using con5 = con<filters, 5, 5, 1, 1, SUBNET>;
template <typename SUBNET>
using downsampler =
    relu<affine<con5d<32, relu<affine<con5d<32, relu<affine<con5d<16, SUBNET>>>>>>>>>;
template <typename SUBNET> using rcon5 = relu<affine<con5<45, SUBNET>>>;

using network = loss_mmod<con<1, 9, 9, 1, 1,
    rcon5<rcon5<rcon5<downsampler<input_rgb_image_pyramid<pyramid_down<6>>>>>>>>;
}

static int read_header_number(std::istream& in)
{
    int character = in.get();
    while (character == '#' || std::isspace(character)) {
        if (character == '#')
            while (character != '\n' && character != EOF) character = in.get();
        character = in.get();
    }
    int number = 0;
    while (std::isdigit(character)) {
        number = number * 10 + (character - '0');
        character = in.get();
    }
    return number;
}

static matrix<rgb_pixel> read_pnm(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    std::string magic(2, ' ');
    in.read(&magic[0], 2);
    if (!in || (magic != "P5" && magic != "P6")) throw std::runtime_error(path + " is no binary PGM or PPM");
    const int width = read_header_number(in), height = read_header_number(in), maximum = read_header_number(in);
    if (width <= 0 || height <= 0 || maximum != 255) throw std::runtime_error(path + " has a header this program does not read");
    const int channels = magic == "P6" ? 3 : 1;
    std::vector<unsigned char> bytes(size_t(width) * height * channels);
    in.read(reinterpret_cast<char*>(bytes.data()), bytes.size());
    if (size_t(in.gcount()) != bytes.size()) throw std::runtime_error(path + " is cut short");
    matrix<rgb_pixel> image(height, width);
    for (int row = 0; row < height; ++row)
        for (int column = 0; column < width; ++column) {
            const unsigned char* sample = &bytes[(size_t(row) * width + column) * channels];
            image(row, column) = channels == 3 ? rgb_pixel(sample[0], sample[1], sample[2])
                                               : rgb_pixel(sample[0], sample[0], sample[0]);
        }
    return image;
}

static void write_ppm(const matrix<rgb_pixel>& image, const std::string& path)
{
    std::ofstream out(path, std::ios::binary);
    out << "P6\n" << image.nc() << " " << image.nr() << "\n255\n";
    for (long row = 0; row < image.nr(); ++row)
        for (long column = 0; column < image.nc(); ++column) {
            const rgb_pixel& pixel = image(row, column);
            out.put(char(pixel.red)).put(char(pixel.green)).put(char(pixel.blue));
        }
    if (!out) throw std::runtime_error("cannot write " + path);
}

static std::string escaped(const std::string& text)
{
    std::string result;
    for (const char character : text) {
        if (character == '"' || character == '\\') result += '\\';
        result += character;
    }
    return result;
}

int main(int argc, char** argv)
try {
    if (argc < 4) {
        std::cerr << "usage: dlib_reference MODELS_FOLDER OUT_FOLDER [--upscale-below SIDE] IMAGE...\n";
        return 64;
    }
    const std::string models = argv[1], folder = argv[2];
    long upscale_below = 0;
    int first_image = 3;
    if (std::string(argv[3]) == "--upscale-below" && argc > 5) {
        upscale_below = std::atol(argv[4]);
        first_image = 5;
    }

    detector_network::network detector;
    shape_predictor predictor;
    embedding_network::network embedder;
    deserialize(models + "/mmod_human_face_detector.dat") >> detector;
    deserialize(models + "/shape_predictor_5_face_landmarks.dat") >> predictor;
    deserialize(models + "/dlib_face_recognition_resnet_model_v1.dat") >> embedder;

    std::ofstream results(folder + "/results.jsonl");
    results.precision(9);
    for (int argument = first_image; argument < argc; ++argument) {
        const std::string index = std::to_string(argument - first_image);
        matrix<rgb_pixel> image = read_pnm(argv[argument]);
        if (std::max(image.nr(), image.nc()) < upscale_below) {
            pyramid_up(image);
            write_ppm(image, folder + "/" + index + ".ppm");
        }
        results << "{\"image\": \"" << escaped(argv[argument]) << "\", \"width\": " << image.nc()
                << ", \"height\": " << image.nr() << ", \"faces\": [";
        int face = 0;
        for (const mmod_rect& detection : detector(image)) {
            const full_object_detection shape = predictor(image, detection.rect);
            matrix<rgb_pixel> chip;
            extract_image_chip(image, get_face_chip_details(shape, 150, 0.25), chip);
            const std::string chip_name = index + "-" + std::to_string(face) + ".ppm";
            write_ppm(chip, folder + "/" + chip_name);
            const matrix<float, 0, 1> embedding = embedder(chip);

            results << (face ? ", " : "") << "{\"rect\": [" << detection.rect.left() << ", " << detection.rect.top()
                    << ", " << detection.rect.right() << ", " << detection.rect.bottom()
                    << "], \"confidence\": " << detection.detection_confidence << ", \"landmarks\": [";
            for (unsigned long part = 0; part < shape.num_parts(); ++part)
                results << (part ? ", " : "") << "[" << shape.part(part).x() << ", " << shape.part(part).y() << "]";
            results << "], \"chip\": \"" << chip_name << "\", \"embedding\": [";
            for (long value = 0; value < embedding.size(); ++value) results << (value ? ", " : "") << embedding(value);
            results << "]}";
            ++face;
        }
        results << "]}\n";
    }
    results.flush();
    return results ? 0 : 73;
} catch (const std::exception& error) {
    std::cerr << "dlib_reference: " << error.what() << "\n";
    return 70;
}
